using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>What a user does to own decisions: about one scope, or about a whole client.</summary>
internal sealed record OwnChange(string RealmId, string UserId, string ClientId, string OrganizationId, string Scope)
{
    private static readonly ConsentActor Actor = ConsentActor.User(ConsentMethods.SelfService);

    public Task DecideAsync(ConsentActions consents, ConsentDecision decision, CancellationToken cancellationToken) => consents.Change.RunAsync(
        new ConsentChange
        {
            RealmId = RealmId,
            UserId = UserId,
            ClientId = Required(ClientId, "client_id"),
            OrganizationId = OrganizationId,
            Scope = Required(Scope, "scope"),
            Decision = decision,
        },
        Actor,
        cancellationToken);

    /// <summary>One scope in one organization, or in none.</summary>
    public Task ForgetAsync(ConsentActions consents, CancellationToken cancellationToken) => consents.Revoke.RunAsync(
        new ConsentFilter
        {
            RealmId = RealmId,
            UserId = UserId,
            ClientId = Required(ClientId, "client_id"),
            OrganizationId = OrganizationId,
            Scope = Required(Scope, "scope"),
        },
        Actor,
        cancellationToken);

    /// <summary>All of a client, in every organization.</summary>
    public Task RevokeAsync(ConsentActions consents, CancellationToken cancellationToken) => consents.Revoke.RunAsync(
        new ConsentFilter { RealmId = RealmId, UserId = UserId, ClientId = Required(ClientId, "client_id") }, Actor, cancellationToken);

    // Without it, more would be meant than the user pointed at.
    private static string Required(string value, string name) =>
        value.Length > 0 ? value : throw new IamException(ErrorReason.InvalidRequest, $"{name} is missing.");
}
