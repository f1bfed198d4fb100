select reference from referral where reference = any(%(references)s)
