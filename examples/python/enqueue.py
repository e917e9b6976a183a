import sys, redis

r = redis.Redis.from_url(sys.argv[1] if len(sys.argv) > 1 else "redis://localhost:6379")
print(r.xadd("hark:{mail}:ready", {"body": '{"to":"ada@example.org","subject":"From Python"}'}).decode())
