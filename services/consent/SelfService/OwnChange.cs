using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>What a user does to own decisions: about one scope, or about a whole client.</summary>
internal sealed record OwnChange(string RealmId, string UserId, string ClientId, string OrganizationId, string Scope)
{
    private static readonly ConsentActor Actor = ConsentActor.User(ConsentMethods.SelfService);

    public Task<ChangeEffect> DecideAsync(ConsentActions consents, ConsentDecision decision, CancellationToken cancellationToken) => EffectOfAsync(
        consents.Change.RunAsync(
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
            cancellationToken));

    /// <summary>One scope in one organization, or in none.</summary>
    public Task<ChangeEffect> ForgetAsync(ConsentActions consents, CancellationToken cancellationToken) => EffectOfAsync(
        consents.Revoke.RunAsync(
            new ConsentFilter
            {
                RealmId = RealmId,
                UserId = UserId,
                ClientId = Required(ClientId, "client_id"),
                OrganizationId = OrganizationId,
                Scope = Required(Scope, "scope"),
            },
            Actor,
            cancellationToken));

    /// <summary>All of a client, in every organization.</summary>
    public Task<ChangeEffect> RevokeAsync(ConsentActions consents, CancellationToken cancellationToken) => EffectOfAsync(
        consents.Revoke.RunAsync(
            new ConsentFilter { RealmId = RealmId, UserId = UserId, ClientId = Required(ClientId, "client_id") }, Actor, cancellationToken));

    /// <summary>What is written stands, also where the token service could not be told yet.</summary>
    private static async Task<ChangeEffect> EffectOfAsync(Task change)
    {
        try
        {
            await change;
            return ChangeEffect.Now;
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.ServiceUnavailable)
        {
            return ChangeEffect.Pending;
        }
    }

    // Without it, more would be meant than the user pointed at.
    private static string Required(string value, string name) =>
        value.Length > 0 ? value : throw new IamException(ErrorReason.InvalidRequest, $"{name} is missing.");
}

/// <summary>When a change takes tokens away.</summary>
internal enum ChangeEffect
{
    /// <summary>They are gone.</summary>
    Now,

    /// <summary>They go as soon as the token service answers.</summary>
    Pending,
}
