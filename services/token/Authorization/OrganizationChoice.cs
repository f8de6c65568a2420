using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Which organizations a user can choose for a client that wants one.</summary>
public static class OrganizationChoice
{
    /// <summary>Those that the user belongs to; empty where nothing is to be chosen: the client wants none, or one is settled already.</summary>
    public static IReadOnlyList<string> Of(FlowContext flow, LoginSession session) =>
        flow.Open.OrganizationId is null && flow.RequireClient().AsksForOrganization && flow.Realm.FindUser(session.UserId) is { } user
            ? [.. user.OrganizationIds.Where(flow.Realm.IsUsableOrganization)]
            : [];
}
