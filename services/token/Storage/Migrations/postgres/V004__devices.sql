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
    polled_at timestamptz,
    expires_at timestamptz not null,
    consumed_at timestamptz,
    primary key (realm_id, device_hash, expires_at)
) partition by range (expires_at);

create index device_authorization_user_code on device_authorization (realm_id, user_code_hash);

create table device_authorization_default partition of device_authorization default;
