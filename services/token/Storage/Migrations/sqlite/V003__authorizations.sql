-- Authorization requests that were pushed (RFC 9126), or that a browser is busy with.
create table authorization_request (
    realm_id text not null,
    request_hash text not null,
    browser_hash text,
    pushed_hash text,
    request text not null,
    progress text not null,
    created_at text not null,
    expires_at text not null,
    completed_at text,
    primary key (realm_id, request_hash, expires_at)
);

create table authorization_code (
    realm_id text not null,
    code_hash text not null,
    client_id text not null,
    grant_id text not null,
    redirect_uri text not null,
    code_challenge text not null,
    access text not null,
    expires_at text not null,
    consumed_at text,
    primary key (realm_id, code_hash, expires_at)
);

-- Who is logged in where. expires_at is the absolute end.
create table login_session (
    realm_id text not null,
    session_hash text not null,
    user_id text not null,
    acr text not null,
    amr text not null,
    role_ids text not null,
    authenticated_at text not null,
    created_at text not null,
    last_used_at text not null,
    expires_at text not null,
    primary key (realm_id, session_hash, expires_at)
);

-- A family is all refresh tokens of a grant. A used one stays until it expires, so that its second use is noticed.
create table refresh_token (
    realm_id text not null,
    token_hash text not null,
    client_id text not null,
    grant_id text not null,
    access text not null,
    family_expires_at text not null,
    expires_at text not null,
    used_at text,
    use_hash text,
    encrypted_answer blob,
    primary key (realm_id, token_hash, expires_at)
);

-- For the sweep of what has expired.
create index authorization_request_expiry on authorization_request (realm_id, expires_at);

create index authorization_code_expiry on authorization_code (realm_id, expires_at);

create index login_session_expiry on login_session (realm_id, expires_at);

create index refresh_token_expiry on refresh_token (realm_id, expires_at);
