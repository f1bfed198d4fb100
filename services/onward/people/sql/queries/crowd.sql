update link set crowded = true where number = any(%(numbers)s::text[])
