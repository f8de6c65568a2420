namespace Conformance.Tests.Running;

/// <summary>One way to put a case's request to the services.</summary>
internal abstract class Transport
{
    /// <summary>The transports, by the name that test names show.</summary>
    public static IReadOnlyList<string> Names { get; } = ["gRPC", "REST client_secret_basic", "REST client_secret_post", "AuthZEN"];

    /// <summary>Whether the case is meant for it.</summary>
    public static bool Runs(string name, ConformanceCase conformanceCase) => name switch
    {
        "gRPC" => conformanceCase.Expect.Grpc is not null,
        "AuthZEN" => AuthZenTransport.Runs(conformanceCase),
        "REST client_secret_basic" => conformanceCase.Expect.Rest is not null,
        _ => conformanceCase.Expect.Rest is not null && conformanceCase.Call != CallKind.Http && !ByToken(conformanceCase),
    };

    public static Transport Named(string name, Services services) => name switch
    {
        "gRPC" => new GrpcTransport(services),
        "AuthZEN" => new AuthZenTransport(services),
        "REST client_secret_basic" => new RestTransport(services, inBody: false),
        _ => new RestTransport(services, inBody: true),
    };

    public Task<Answer> SendAsync(CallKind call, CallRequest request) => call switch
    {
        CallKind.IssueToken => IssueTokenAsync(request),
        CallKind.IntrospectToken => IntrospectTokenAsync(request),
        CallKind.RevokeToken => RevokeTokenAsync(request),
        CallKind.CheckPermission => CheckPermissionAsync(request),
        _ => HttpAsync(request),
    };

    protected abstract Task<Answer> IssueTokenAsync(CallRequest request);

    protected abstract Task<Answer> IntrospectTokenAsync(CallRequest request);

    protected abstract Task<Answer> RevokeTokenAsync(CallRequest request);

    protected virtual Task<Answer> CheckPermissionAsync(CallRequest request) => throw NotOffered(nameof(CallKind.CheckPermission));

    protected virtual Task<Answer> HttpAsync(CallRequest request) => throw NotOffered(nameof(CallKind.Http));

    /// <remarks>Without client credentials there are no two ways to send them.</remarks>
    private static bool ByToken(ConformanceCase conformanceCase) =>
        conformanceCase.Requests.All(request => request.Caller == Callers.Nobody || request.Headers.ContainsKey("Authorization"));

    private InvalidDataException NotOffered(string call) => new($"{GetType().Name} does not offer {call}");
}
