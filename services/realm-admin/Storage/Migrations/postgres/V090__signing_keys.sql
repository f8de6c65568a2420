alter table realm add column signing_key_rotation_interval bigint not null default 7776000;
alter table client add column access_token_signed_response_alg text not null default 'ES256'
    check (access_token_signed_response_alg in ('ES256', 'ES384', 'PS256', 'RS256'));
