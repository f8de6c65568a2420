using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Storage;

/// <summary>The tables of this service whose rows expire.</summary>
public static class ConsentTables
{
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
}
