using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>What a client becomes by what it sends: its software statement, the rules for clients, and the policy, in this order.</summary>
public sealed class DecideRegistration(SoftwareStatements statements, ResourceCheck check, PlatformRealm platform)
{
    /// <param name="write">The realm, which nobody else changes meanwhile.</param>
    /// <param name="realm">The realm.</param>
    /// <param name="before">What stays of the client where the metadata do not speak of it.</param>
    /// <param name="kept">The software statement that it was registered with; null: none.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="request">What was sent.</param>
    /// <param name="cancellationToken">Of the call.</param>
    /// <exception cref="IamException">INVALID_REDIRECT_URI, INVALID_CLIENT_METADATA, INVALID_SOFTWARE_STATEMENT, UNAPPROVED_SOFTWARE_STATEMENT.</exception>
    public async Task<RegistrationDecision> RunAsync(
        RealmWrite write,
        Realm realm,
        Client before,
        string? kept,
        ClientRegistrationPolicy policy,
        RegistrationRequest request,
        CancellationToken cancellationToken)
    {
        var sent = ClientMetadata.Read(request.Metadata);
        var statement = Stated(sent, kept, policy, request.Issuer);
        var draft = RegistrationDraft.Read(before, statement.Metadata, platform.Is(realm.RealmId));
        var client = (Client)draft.Resource;
        RegistrationRules.Require(policy, client, before);
        RequireTypes(realm, client);
        await RequireReferencesAsync(write, realm, draft, cancellationToken);
        return new RegistrationDecision(client, statement.Text, statement.Issuer);
    }

    private (ClientMetadata Metadata, string? Text, string? Issuer) Stated(
        ClientMetadata sent, string? kept, ClientRegistrationPolicy policy, string issuer)
    {
        if (sent.Text(ClientMetadata.SoftwareStatement) is { } text)
        {
            var claims = statements.Verify(policy, text, issuer);
            return (sent.With(claims), text, SoftwareStatements.IssuerOf(claims));
        }

        if (kept is not null)
        {
            // What was vouched for once is not to be had back by leaving it out.
            var claims = SoftwareStatements.ClaimsOf(kept);
            return (sent.With(claims), kept, SoftwareStatements.IssuerOf(claims));
        }

        return policy.RequireSoftwareStatement ? throw SoftwareStatements.Invalid("is required") : (sent, null, null);
    }

    /// <summary>Administrators may name a type before the realm has it; a client that comes by itself has no use for one.</summary>
    private static void RequireTypes(Realm realm, Client client)
    {
        if (client.AuthorizationDetailsTypes.FirstOrDefault(type => realm.AuthorizationDetailsTypes.All(known => known.Type != type)) is { } unknown)
        {
            throw RegistrationRules.NoDetails(unknown);
        }
    }

    private async Task RequireReferencesAsync(RealmWrite write, Realm realm, Draft draft, CancellationToken cancellationToken)
    {
        try
        {
            await check.ReferencesAsync(write, check.IdsOf(write.Session, realm.RealmId), realm, draft, stored: null, cancellationToken);
        }
        catch (IamException refusal) when (refusal.Reason == ErrorReason.DanglingReference)
        {
            var client = (Client)draft.Resource;
            var path = refusal.Violations[0].Field;
            throw draft.References.Open.FirstOrDefault(reference => reference.Path == path).Id is { } scope && client.Scopes.Contains(scope)
                ? RegistrationRules.NoScope(scope)
                : RegistrationDraft.Translated(refusal);
        }
    }
}

/// <summary>What a client becomes.</summary>
/// <param name="Client">The client, with the secrets that it had.</param>
/// <param name="Statement">The software statement that some of it comes from; null: none.</param>
/// <param name="StatementIssuer">Who signed it; null: there is none.</param>
public sealed record RegistrationDecision(Client Client, string? Statement, string? StatementIssuer);
