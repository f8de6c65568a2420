using System.Globalization;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Registers a client (RFC 7591 section 3.1).</summary>
/// <remarks>
/// Writers of a realm take turns, so neither the last use of an initial access token nor the last place for a client is ever given away twice. Whoever
/// has no good token is refused before that turn, so that strangers keep nobody waiting.
/// </remarks>
public sealed class RegisterClient(
    IDatabase database, RealmStore realms, RealmWrites writes, RegistrationStores stores, DecideRegistration decide, TimeProvider clock)
{
    /// <exception cref="IamException">As <c>ClientRegistrationService.RegisterClient</c> lists.</exception>
    public async Task<Registered> ExecuteAsync(Caller caller, RegistrationRequest request, CancellationToken cancellationToken)
    {
        await RequireWelcomeAsync(request, cancellationToken);
        await using var write = await writes.BeginAsync(request.RealmId, cancellationToken) ?? throw RealmNotFound.For(request.RealmId);
        var realm = await realms.FindAsync(write.Session, request.RealmId, cancellationToken) ?? throw RealmNotFound.For(request.RealmId);
        var settings = realm.ClientRegistration ?? throw RegistrationRefusals.NotOffered();
        var now = Values.ToMicroseconds(clock.GetUtcNow());
        var token = await UseTokenAsync(write.Session, request, settings, now, cancellationToken);
        var policy = token?.Policy ?? settings.Policy;
        var decision = await decide.RunAsync(write, realm, New(realm, now), kept: null, policy, request, cancellationToken);
        if (await stores.Registrations.CountAsync(write.Session, realm.RealmId, cancellationToken) >= settings.MaxClients)
        {
            throw new IamException(ErrorReason.AccessDenied, "The realm has as many registered clients as it takes.");
        }

        var origin = new ClientOrigin
        {
            RegisteredAt = now,
            InitialAccessTokenId = token?.TokenId,
            SoftwareStatementIssuer = decision.StatementIssuer,
            SourceAddress = request.SourceAddress,
        };
        var (client, secret) = RegistrationSecrets.Renewed(decision.Client with { Origin = origin }, policy, now);
        await write.ApplyAsync(new RealmChange(null, client), cancellationToken);
        var (row, accessToken) = (new RegistrationRow { ClientId = client.ClientId, SoftwareStatement = decision.Statement, Policy = token?.Policy }, OpaqueValue.New());
        await stores.Registrations.AddAsync(write.Session, realm.RealmId, row, OpaqueValue.Hash(accessToken), now, cancellationToken);
        await write.CommitAsync(caller with { TokenId = token?.TokenId }, cancellationToken);
        return new()
        {
            Client = client,
            ClientSecret = secret,
            RegistrationAccessToken = accessToken,
            SoftwareStatement = decision.Statement,
            Revision = write.Revision,
        };
    }

    /// <exception cref="IamException">REALM_NOT_FOUND, NOT_OFFERED, UNAUTHENTICATED.</exception>
    private async Task RequireWelcomeAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        var realm = await realms.FindAsync(session, request.RealmId, cancellationToken) ?? throw RealmNotFound.For(request.RealmId);
        var settings = realm.ClientRegistration ?? throw RegistrationRefusals.NotOffered();
        if (request.Token.Length > 0
            ? OpaqueValue.HashOf(request.Token) is not { } hash
                || !await stores.Tokens.IsGoodAsync(session, request.RealmId, hash, clock.GetUtcNow(), cancellationToken)
            : settings.Mode != ClientRegistrationMode.Open)
        {
            throw RegistrationRefusals.Unauthenticated();
        }
    }

    /// <summary>Null: there is none, and none is needed.</summary>
    private async Task<InitialAccessToken?> UseTokenAsync(
        DatabaseSession session, RegistrationRequest request, ClientRegistrationSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (request.Token.Length == 0 && settings.Mode == ClientRegistrationMode.Open)
        {
            return null;
        }

        return OpaqueValue.HashOf(request.Token) is { } hash
            && await stores.Tokens.UseAsync(session, request.RealmId, hash, now, cancellationToken) is { } token
                ? token
                : throw RegistrationRefusals.Unauthenticated();
    }

    /// <summary>Users are asked, and told that nobody has verified it.</summary>
    private static Client New(Realm realm, DateTimeOffset now) => new()
    {
        RealmId = realm.RealmId,
        ClientId = Guid.CreateVersion7(now).ToString("D", CultureInfo.InvariantCulture),
        ClientType = ClientType.Web,
        DynamicallyRegistered = true,
        ConsentPolicy = ConsentPolicy.Required,
    };
}
