using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>Realm-admin over gRPC.</summary>
/// <param name="realmAdmin">The channel, with the credentials and a deadline.</param>
public sealed class GrpcClientRegistrations(CallInvoker realmAdmin) : IClientRegistrations
{
    /// <summary>Key of the metadata with which realm-admin says that it refuses the client's token, and not ours.</summary>
    private const string Credential = "credential";

    /// <summary>What is the client's to mend.</summary>
    private static readonly Dictionary<string, ErrorReason> Answers = new[]
    {
        ErrorReason.NotOffered,
        ErrorReason.RealmNotFound,
        ErrorReason.AccessDenied,
        ErrorReason.InvalidRedirectUri,
        ErrorReason.InvalidClientMetadata,
        ErrorReason.InvalidSoftwareStatement,
        ErrorReason.UnapprovedSoftwareStatement,
        ErrorReason.InvalidArgument,
        ErrorReason.ResourceInUse,
    }.ToDictionary(RichStatus.NameOf);

    private readonly Wire.ClientRegistrationService.ClientRegistrationServiceClient _client = new(realmAdmin);

    public async Task<Wire.RegisteredClient> RegisterAsync(Wire.RegisterClientRequest request, CancellationToken cancellationToken) =>
        (await AnswerAsync(_client.RegisterClientAsync(request, cancellationToken: cancellationToken))).Registered;

    public async Task<Wire.RegisteredClient> ReadAsync(Wire.GetClientRegistrationRequest request, CancellationToken cancellationToken) =>
        (await AnswerAsync(_client.GetClientRegistrationAsync(request, cancellationToken: cancellationToken))).Registered;

    public async Task<Wire.RegisteredClient> UpdateAsync(Wire.UpdateClientRegistrationRequest request, CancellationToken cancellationToken) =>
        (await AnswerAsync(_client.UpdateClientRegistrationAsync(request, cancellationToken: cancellationToken))).Registered;

    public async Task<long> DeleteAsync(Wire.DeleteClientRegistrationRequest request, CancellationToken cancellationToken) =>
        (await AnswerAsync(_client.DeleteClientRegistrationAsync(request, cancellationToken: cancellationToken))).Revision;

    public Task RecordUseAsync(Wire.RecordClientUseRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(_client.RecordClientUseAsync(request, cancellationToken: cancellationToken));

    private static async Task<T> AnswerAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            return await call;
        }
        catch (RpcException failure)
        {
            throw Translated(failure);
        }
    }

    private static IamException Translated(RpcException failure)
    {
        var name = RichStatus.ReasonOf(failure) ?? "";
        if (Answers.TryGetValue(name, out var reason))
        {
            return new IamException(reason, Sendable(failure.Status.Detail), failure);
        }

        return name == RichStatus.NameOf(ErrorReason.Unauthenticated) && RichStatus.MetadataOf(failure).ContainsKey(Credential)
            ? new IamException(ErrorReason.Unauthenticated, failure.Status.Detail, failure)
            : new IamException(ErrorReason.ServiceUnavailable, "Clients cannot be registered now.", failure)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.RealmAdmin },
            };
    }

    /// <summary>RFC 6749 section 5.2 has no quotes, no backslashes and nothing beyond ASCII in descriptions, and this one repeats what was sent.</summary>
    private static string Sendable(string description) =>
        string.Create(description.Length, description, (text, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                text[i] = from[i] == '"' ? '\'' : from[i] is >= ' ' and <= '~' and not '\\' ? from[i] : '?';
            }
        });
}
