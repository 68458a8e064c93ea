-- What @supabase/lite's Auth lacks and terminals need. Loaded after lite's own schema and before
-- our migrations; on a Supabase none of this is there, and none of it is needed.

-- Policies call auth.jwt() as the person who asks.
grant usage on schema auth to anon, authenticated, service_role;

-- Its access tokens have no `app_metadata`, where ours finds role and branches: here it is read
-- from the account instead, as GoTrue would have put it into the token.
create or replace function auth.jwt() returns jsonb
language sql stable security definer set search_path = '' as $$
    select claims || coalesce(
        (
            select jsonb_build_object('app_metadata', u.raw_app_meta_data)
            from auth.users u where u.id::text = claims ->> 'sub'
        ),
        '{}'
    )
    from (
        select nullif(current_setting('request.jwt.claims', true), '')::jsonb as claims
    ) token
$$;

-- Its Auth has no /admin/users: the service key gives and takes accounts by these.
create function public.set_app_metadata(account uuid, metadata jsonb) returns void
language sql security definer set search_path = '' as $$
    update auth.users set raw_app_meta_data = raw_app_meta_data || metadata where id = account
$$;

create function public.remove_account(account uuid) returns void
language sql security definer set search_path = '' as $$
    delete from auth.users where id = account
$$;

revoke execute on function public.set_app_metadata, public.remove_account
    from public, anon, authenticated;
grant execute on function public.set_app_metadata, public.remove_account to service_role;
