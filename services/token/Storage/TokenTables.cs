using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Storage;

/// <summary>The tables of this service that are looked after by name.</summary>
public static class TokenTables
{
    /// <summary>Those whose rows expire.</summary>
    public static IReadOnlyList<ExpiringTable> All { get; } =
    [
        new("revocation", "token_id", "realm_id, token_id, expires_at, revoked_at, sequence", 1, 7),
        new(
            "access_grant",
            "grant_id",
            "realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at, revoked_at",
            7,
            14),
        new(
            "authorization_request",
            "request_hash",
            "realm_id, request_hash, browser_hash, pushed_hash, request, progress, created_at, expires_at, completed_at",
            1,
            2),
        new(
            "authorization_code",
            "code_hash",
            "realm_id, code_hash, client_id, grant_id, redirect_uri, code_challenge, access, expires_at, consumed_at",
            1,
            2),
        new(
            "device_authorization",
            "device_hash",
            "realm_id, device_hash, user_code_hash, client_id, grant_id, request, state, access, interval_seconds, polled_at, expires_at, consumed_at",
            1,
            2),
        new(
            "login_session",
            "session_hash",
            "realm_id, session_hash, user_id, acr, amr, role_ids, authenticated_at, created_at, last_used_at, expires_at",
            1,
            7),
        new(
            "refresh_token",
            "token_hash",
            "realm_id, token_hash, client_id, grant_id, access, family_expires_at, expires_at, used_at, use_hash, encrypted_answer",
            7,
            14),
        new("opaque_token", "token_hash", "realm_id, token_hash, claims, expires_at", 1, 2),
        // Keys first: who finds one finds its batch.
        new("token_event_key", "kind, value, first_sequence", "realm_id, kind, value, first_sequence, expires_at", 30, 14),
        new(
            "token_event_batch",
            "first_sequence",
            "realm_id, first_sequence, last_sequence, first_at, last_at, expires_at, chain_id, chain_number, events",
            30,
            14),
        new("used_jwt", "id_hash", "realm_id, id_hash, expires_at", 1, 2),
    ];

    /// <summary>All that have rows of realms: a deleted realm's are erased.</summary>
    public static IReadOnlyList<RealmTable> OfRealms { get; } =
    [
        .. All.Select(table => new RealmTable(table.Name, $"realm_id, {table.Key}, expires_at")),
        new("revocation_head", "realm_id"),
        new("realm_key", "realm_id, key_id"),
        new("realm_key_head", "realm_id"),
        new("realm_key_event", "realm_id, event_id"),
        new("token_event_head", "realm_id"),
    ];
}
