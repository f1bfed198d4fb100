delete from link where number = any(%(numbers)s::text[])
