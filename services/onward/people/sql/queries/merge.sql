with merged as (
    select merged, kept from unnest(%(merged)s::uuid[], %(kept)s::uuid[]) as one (merged, kept)
), links as (
    update link set cluster = merged.kept from merged where link.cluster = merged.merged
), changed as (
    update cluster set version = nextval('recorded') << 20 where id in (select kept from merged)
), contacts as (
    update contact set cluster = merged.kept from merged where contact.cluster = merged.merged
)
delete from cluster using merged where cluster.id = merged.merged
