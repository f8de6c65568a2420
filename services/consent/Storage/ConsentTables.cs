using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Storage;

/// <summary>The tables of this service that are looked after by name.</summary>
public static class ConsentTables
{
    /// <summary>Those whose rows expire.</summary>
    public static IReadOnlyList<ExpiringTable> All { get; } =
    [
        new(
            "consent_challenge",
            "challenge_hash",
            "realm_id, challenge_hash, authorization_id, request, asked, granted, expires_at, answered_at, answer, finished_at",
            1,
            2),
        new("self_service_visit", "secret_hash", "realm_id, secret_hash, is_link, user_id, ui_locales, return_uri, expires_at", 1, 2),
        new("authorization_run", "authorization_id", "realm_id, authorization_id, run, expires_at", 7, 14),
    ];

    /// <summary>All that have rows of realms: a deleted realm's are erased.</summary>
    public static IReadOnlyList<RealmTable> OfRealms { get; } =
    [
        .. All.Select(table => new RealmTable(table.Name, $"realm_id, {table.Key}, expires_at")),
        new("grant_revocation", "realm_id, revocation_id"),
        new("consent", "realm_id, user_id, client_id, organization_id, scope"),
        new("consent_receipt", "realm_id, sequence"),
        new("consent_receipt_head", "realm_id"),
    ];
}
