using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Replaces what a client registered (RFC 7592 section 2.2). What administrators set besides stays.</summary>
public sealed class UpdateRegistration(
    IDatabase database, RealmWrites writes, OwnRegistration registrations, RegistrationStores stores, DecideRegistration decide, TimeProvider clock)
{
    // "MUST NOT include"
    private static readonly string[] ServerOnly =
        ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

    /// <exception cref="IamException">As <c>ClientRegistrationService.UpdateClientRegistration</c> lists.</exception>
    public async Task<Registered> ExecuteAsync(Caller caller, RegistrationRequest request, CancellationToken cancellationToken)
    {
        await using (var session = await database.BeginReadAsync(cancellationToken))
        {
            // Strangers keep no writer of the realm waiting.
            await registrations.FindAsync(session, request.RealmId, request.ClientId, request.Token, cancellationToken);
        }

        await using var write = await writes.BeginAsync(request.RealmId, cancellationToken) ?? throw RealmNotFound.For(request.RealmId);
        var (own, next) = await registrations.RotateAsync(write.Session, request.RealmId, request.ClientId, request.Token, cancellationToken);
        RequireOwn(ClientMetadata.Read(request.Metadata), own.Client);
        var decision = await decide.RunAsync(write, own.Realm, own.Client, own.Row.SoftwareStatement, own.Policy, request, cancellationToken);
        var (client, secret) = RegistrationSecrets.Renewed(After(own.Client, decision), own.Policy, clock.GetUtcNow());
        if (client != own.Client)
        {
            await write.ApplyAsync(new RealmChange(own.Client, client), cancellationToken);
        }

        if (decision.Statement != own.Row.SoftwareStatement)
        {
            await stores.Registrations.SetStatementAsync(write.Session, request.RealmId, client.ClientId, decision.Statement, cancellationToken);
        }

        await write.CommitAsync(caller with { ClientId = client.ClientId }, cancellationToken);
        return new()
        {
            Client = client,
            ClientSecret = secret,
            RegistrationAccessToken = next,
            SoftwareStatement = decision.Statement,
            Revision = write.ResultingRevision,
        };
    }

    /// <exception cref="IamException">INVALID_CLIENT_METADATA.</exception>
    private static void RequireOwn(ClientMetadata metadata, Client client)
    {
        if (Array.Find(ServerOnly, metadata.Has) is { } member)
        {
            throw ClientMetadata.Wrong(member, "is the server's to say");
        }

        if (metadata.Text("client_id") != client.ClientId)
        {
            throw ClientMetadata.Wrong("client_id", "must be the client's own");
        }

        if (metadata.Text("client_secret") is { } secret && !RegistrationSecrets.Has(client, secret))
        {
            throw ClientMetadata.Wrong("client_secret", "must be the one that the server gave, where it is sent");
        }
    }

    /// <summary>Whoever was verified under one name and address has not been under another.</summary>
    private static Client After(Client before, RegistrationDecision decision)
    {
        var after = decision.Client with
        {
            Secrets = before.Secrets,
            Origin = before.Origin is { } origin ? origin with { SoftwareStatementIssuer = decision.StatementIssuer } : null,
        };
        return after == before ? before : after with { Verified = false };
    }
}
