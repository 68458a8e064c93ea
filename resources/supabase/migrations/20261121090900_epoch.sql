-- A terminal says which epoch of the database it knows when it hands in ops. A database that has
-- come back from a backup since then takes none of them: the terminal first has to learn what is
-- missing, so that it sends its older ops again before the new ones that build on them.
--
-- Without an epoch (a terminal of an earlier version) nothing is compared.
alter function public.apply_ops(uuid, jsonb, boolean) set schema kds;

create function public.apply_ops(
    device_id uuid, ops jsonb, more boolean default false, epoch text default null
) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
begin
    if exists (
        select from public.devices d
        join public.streams s on s.branch_id = d.branch_id and s.class = 'floor'
        where d.id = apply_ops.device_id::text and s.epoch <> apply_ops.epoch
    ) then
        raise sqlstate 'PT412' using message = 'The server was restored from a backup.';
    end if;
    return kds.apply_ops(device_id, ops, more);
end
$$;

revoke execute on function kds.apply_ops from public, anon, authenticated, service_role;
revoke execute on function public.apply_ops from public, anon;
grant execute on function public.apply_ops to authenticated, service_role;
