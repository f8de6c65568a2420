using System.Text.Json.Nodes;

namespace Conformance.Tests.Running;

/// <summary>One case of a file in cases/; README.md describes the members.</summary>
internal sealed record ConformanceCase
{
    public required string Description { get; init; }

    /// <summary>What happens before the call, over the same transport, and must succeed.</summary>
    public IReadOnlyList<GivenStep> Given { get; init; } = [];

    public required CallKind Call { get; init; }

    /// <summary>The call's one request.</summary>
    public CallRequest? Request { get; init; }

    /// <summary>Instead of <see cref="Request"/>: several whose answers must be the same, byte by byte.</summary>
    public IReadOnlyList<CallRequest> Indistinguishable { get; init; } = [];

    public required Expectation Expect { get; init; }

    public IReadOnlyList<CallRequest> Requests => Request is null ? Indistinguishable : [Request];
}

internal enum CallKind
{
    IssueToken,
    IntrospectToken,
    RevokeToken,
    CheckPermission,

    /// <summary>A bare HTTP request.</summary>
    Http,
}

/// <summary>One thing to do first.</summary>
internal sealed record GivenStep
{
    /// <summary>Fetches a token; it is <c>${Name}</c> in what follows.</summary>
    public CallRequest? IssueToken { get; init; }

    public CallRequest? RevokeToken { get; init; }

    /// <summary>Lets so much time pass.</summary>
    public int? WaitMilliseconds { get; init; }

    /// <summary>What the token is called.</summary>
    public string As { get; init; } = "token";
}

/// <summary>A request in words that fit both transports; what is null is not sent.</summary>
internal sealed record CallRequest
{
    public string? Realm { get; init; }

    /// <summary>issue_token: the client that asks; its secret comes from callers.yaml unless <see cref="Secret"/> says otherwise. check_permission: the subject.</summary>
    public string? Client { get; init; }

    public string? Secret { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public string? Organization { get; init; }

    public string? Audience { get; init; }

    /// <summary>issue_token: what an issuer says of somebody, for the grant jwt-bearer; null: client_credentials.</summary>
    public string? Assertion { get; init; }

    /// <summary>Who introspects, revokes or checks: a client of callers.yaml; <c>nobody</c> sends no credential.</summary>
    public string? Caller { get; init; }

    public string? Token { get; init; }

    /// <summary>issue_token, check_permission: the DPoP proof that comes with the request or the token, by its name.</summary>
    public string? Dpop { get; init; }

    public string? User { get; init; }

    public string? Permission { get; init; }

    public string? SourceAddress { get; init; }

    public string? Acr { get; init; }

    /// <summary>http: the method.</summary>
    public string Method { get; init; } = "POST";

    public string? Path { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>http: the body, its content type among <see cref="Headers"/>.</summary>
    public string? Body { get; init; }

    /// <summary>http: instead of <see cref="Body"/>, so many times the letter a.</summary>
    public int? BodySize { get; init; }
}

/// <summary>What must come back; a transport without an expectation is not run.</summary>
internal sealed record Expectation
{
    public GrpcExpectation? Grpc { get; init; }

    public RestExpectation? Rest { get; init; }

    /// <summary>issue_token: the token's claims, the same over both transports.</summary>
    public JsonObject? Claims { get; init; }
}

internal sealed record GrpcExpectation
{
    public string Code { get; init; } = "OK";

    /// <summary>ErrorInfo's reason.</summary>
    public string? Reason { get; init; }

    /// <summary>ErrorInfo's metadata.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>BadRequest's fields.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    /// <summary>The answer's fields; one that is not named must be empty.</summary>
    public JsonObject? Fields { get; init; }
}

internal sealed record RestExpectation
{
    public int Status { get; init; } = 200;

    /// <summary>RFC 6749 section 5.2.</summary>
    public string? Error { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The members of the body, no more and no fewer.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>The whole body as text.</summary>
    public string? Text { get; init; }
}
