select escalation_id from raised where person = any(%(persons)s)
