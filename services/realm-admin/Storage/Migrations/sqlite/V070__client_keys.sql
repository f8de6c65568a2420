alter table client add column access_token_format text not null default 'jwt' check (access_token_format in ('jwt', 'opaque'));
alter table client add column jwks text;
alter table client add column require_signed_request_object boolean not null default false;
