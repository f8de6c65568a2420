-- Authorization requests that were pushed (RFC 9126), or that a browser is busy with.
create table authorization_request (
    realm_id text not null,
    request_hash text not null,
    browser_hash text,
    pushed_hash text,
    request text not null,
    progress text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    completed_at timestamptz,
    primary key (realm_id, request_hash, expires_at)
) partition by range (expires_at);

create table authorization_request_default partition of authorization_request default;

create table authorization_code (
    realm_id text not null,
    code_hash text not null,
    client_id text not null,
    grant_id text not null,
    redirect_uri text not null,
    code_challenge text not null,
    access text not null,
    expires_at timestamptz not null,
    consumed_at timestamptz,
    primary key (realm_id, code_hash, expires_at)
) partition by range (expires_at);

create table authorization_code_default partition of authorization_code default;

-- Who is logged in where. expires_at is the absolute end.
create table login_session (
    realm_id text not null,
    session_hash text not null,
    user_id text not null,
    acr text not null,
    amr text[] not null,
    role_ids text[] not null,
    authenticated_at timestamptz not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (realm_id, session_hash, expires_at)
) partition by range (expires_at);

create table login_session_default partition of login_session default;

-- A family is all refresh tokens of a grant. A used one stays until it expires, so that its second use is noticed.
create table refresh_token (
    realm_id text not null,
    token_hash text not null,
    client_id text not null,
    grant_id text not null,
    access text not null,
    family_expires_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    use_hash text,
    encrypted_answer bytea,
    primary key (realm_id, token_hash, expires_at)
) partition by range (expires_at);

create table refresh_token_default partition of refresh_token default;
