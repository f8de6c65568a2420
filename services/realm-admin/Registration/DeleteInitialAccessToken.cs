using System.Text.Json;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Removes an initial access token.</summary>
public sealed class DeleteInitialAccessToken(RealmWrites writes, InitialAccessTokenStore tokens)
{
    /// <summary>The revision without it.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, RESOURCE_NOT_FOUND.</exception>
    public async Task<long> ExecuteAsync(Caller caller, string realmId, string tokenId, CancellationToken cancellationToken)
    {
        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var token = await tokens.DeleteAsync(write.Session, realmId, tokenId, cancellationToken)
            ?? throw new IamException(ErrorReason.ResourceNotFound, $"The realm has no initial access token '{tokenId}'.")
            {
                Metadata = new Dictionary<string, string> { ["resource_kind"] = InitialAccessToken.ResourceKind, ["resource_id"] = tokenId },
            };
        write.Note(InitialAccessToken.ResourceKind, tokenId, JsonSerializer.Serialize(token, StoredJson.Options), after: null);
        await write.CommitAsync(caller, cancellationToken);
        return write.Revision;
    }
}
