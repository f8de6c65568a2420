-- Devices that wait for their users (RFC 8628).
create table device_authorization (
    realm_id text not null,
    device_hash text not null,
    user_code_hash text not null,
    client_id text not null,
    grant_id text not null,
    request text not null,
    state text not null check (state in ('Pending', 'Approved', 'Denied')),
    access text,
    interval_seconds bigint not null,
    polled_at text,
    expires_at text not null,
    consumed_at text,
    primary key (realm_id, device_hash, expires_at)
);

create index device_authorization_user_code on device_authorization (realm_id, user_code_hash);

-- For the sweep of what has expired.
create index device_authorization_expiry on device_authorization (realm_id, expires_at);
