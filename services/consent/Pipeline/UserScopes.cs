using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>The pure steps of the pipeline for one user and client, at one revision of the realm.</summary>
internal sealed class UserScopes
{
    private readonly ScopeRequest _request;

    private UserScopes(RealmSnapshot realm, Client client, ConsentRequest request, DateTimeOffset now)
    {
        Realm = realm;
        Client = client;
        Request = request;
        _request = new ScopeRequest
        {
            Client = client,
            Principal = Principal.User(request.UserId),
            GrantType = request.GrantType,
            Scopes = request.Scopes,
            HasDetails = request.AuthorizationDetails.Count > 0,
            OrganizationId = request.OrganizationId.Length > 0 ? request.OrganizationId : null,
            Acr = request.Login.Acr.Length > 0 ? request.Login.Acr : null,
            Amr = request.Login.Amr,
            LoginRoleIds = request.Login.RoleIds,
            SourceAddress = request.Login.SourceAddress.Length > 0 ? IPAddress.Parse(request.Login.SourceAddress) : null,
            Now = now,
            Explain = true,
        };
    }

    public RealmSnapshot Realm { get; }

    public Client Client { get; }

    public ConsentRequest Request { get; }

    /// <summary>The parties as the realm has them now.</summary>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND (client or user, which count as gone while disabled), UNKNOWN_ORGANIZATION.</exception>
    public static UserScopes Of(RealmSnapshot realm, ConsentRequest request, DateTimeOffset now)
    {
        if (realm.FindClient(request.ClientId) is not { Disabled: false } client)
        {
            throw NotFound("client", request.ClientId);
        }

        if (realm.FindUser(request.UserId) is not { Disabled: false })
        {
            throw NotFound("user", request.UserId);
        }

        if (request.OrganizationId.Length > 0 && !realm.IsUsableOrganization(request.OrganizationId))
        {
            throw new IamException(ErrorReason.UnknownOrganization, "The realm has no such organization, or it is disabled.")
            {
                Metadata = new Dictionary<string, string> { ["organization_id"] = request.OrganizationId },
            };
        }

        return new UserScopes(realm, client, request, now);
    }

    /// <summary>Steps 1 to 3; refused where nothing is left that the user could be offered.</summary>
    public ScopeResult Offer() => RefusedIfEmpty(ScopeResult.Of(Realm, _request), "None of the requested scopes may be granted.");

    /// <summary>Step 6; refused where nothing is left, of scopes and authorization details.</summary>
    public ScopeResult Grant(IReadOnlyList<string> granted, bool hasDetails)
    {
        var result = ScopeResult.Of(GrantedScopes.Filter(Realm, _request, granted));
        return hasDetails ? result : RefusedIfEmpty(result, "None of the granted scopes may be issued.");
    }

    public ConsentOutcome Outcome(ScopeResult granted, ValueList<AuthorizationDetail> details) => new()
    {
        Scopes = granted.Scopes.ToValueList(),
        AuthorizationDetails = details,
        UserId = Request.UserId,
        ClientId = Request.ClientId,
        OrganizationId = Request.OrganizationId,
        Revision = Realm.Revision,
    };

    private ScopeResult RefusedIfEmpty(ScopeResult result, string message) =>
        RequestedScopes.MayBeEmpty(Realm, _request) ? result : result.RefusedIfEmpty(message);

    private static IamException NotFound(string kind, string id) => new(ErrorReason.ResourceNotFound, $"The realm has no such {kind}.")
    {
        Metadata = new Dictionary<string, string> { ["resource_kind"] = kind, ["resource_id"] = id },
    };
}
