alter table realm add column security_profile text not null default 'none' check (security_profile in ('none', 'fapi2'));
alter table realm add column client_certificate_authorities text;
alter table client add column token_endpoint_auth_method text;
alter table client add column tls_client_auth text;
alter table client add column tls_client_certificate_bound_access_tokens boolean not null default false;
alter table client add column security_profile text not null default 'none' check (security_profile in ('none', 'fapi2'));
