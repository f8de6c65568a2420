using System.Globalization;
using System.Text.Json;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Documents.Sections;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Makes an initial access token. Only its hash is kept.</summary>
public sealed class CreateInitialAccessToken(
    RealmWrites writes, RealmStore realms, InitialAccessTokenStore tokens, ResourceCheck check, PlatformRealm platform, TimeProvider clock)
{
    private const string Policy = "initial_access_token.policy";

    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_ARGUMENT, DANGLING_REFERENCE.</exception>
    public async Task<NewInitialAccessToken> ExecuteAsync(
        Caller caller, string realmId, InitialAccessToken wanted, Wire.ClientRegistrationPolicy? policy, CancellationToken cancellationToken)
    {
        var (read, references) = Read(realmId, policy);
        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var realm = await realms.FindAsync(write.Session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        await check.ReferencesAsync(
            write, check.IdsOf(write.Session, realmId), realm, new Draft(realm, references, []), stored: null, cancellationToken);

        var now = Values.ToMicroseconds(clock.GetUtcNow());
        if (wanted.ExpiresAt <= now)
        {
            throw OperationFields.Invalid("initial_access_token.expire_time", "must be in the future");
        }

        var (token, value) = (wanted with { TokenId = NewId(now), CreatedAt = now, Policy = read }, OpaqueValue.New());
        await tokens.AddAsync(write.Session, realmId, OpaqueValue.Hash(value), token, cancellationToken);
        write.Note(InitialAccessToken.ResourceKind, token.TokenId, before: null, JsonSerializer.Serialize(token, StoredJson.Options));
        await write.CommitAsync(caller, cancellationToken);
        return new NewInitialAccessToken(token, value, write.Revision);
    }

    private (ClientRegistrationPolicy? Policy, References References) Read(string realmId, Wire.ClientRegistrationPolicy? policy)
    {
        var errors = new DocumentErrors();
        var references = new References(errors, platform.Is(realmId));
        if (policy is null)
        {
            return (null, references);
        }

        var fields = new Fields(MessageNode.Of(policy, Policy, new HashSet<string>()), errors, references);
        var read = ClientRegistrationSection.Policy(fields, references);
        errors.ThrowForRequestIfAny();
        return (read, references);
    }

    private static string NewId(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>An initial access token that was just made.</summary>
/// <param name="Token">What is kept.</param>
/// <param name="Value">Sensitive: what is handed out, once.</param>
/// <param name="Revision">Of the realm that has it.</param>
public sealed record NewInitialAccessToken(InitialAccessToken Token, string Value, long Revision)
{
    public override string ToString() => $"NewInitialAccessToken {Token.TokenId}";
}
