import sys, redis

pubsub = redis.Redis.from_url(sys.argv[1] if len(sys.argv) > 1 else "redis://localhost:6379").pubsub()
pubsub.subscribe("my_queue")
for message in pubsub.listen():
    print(message["type"], message["data"], flush=True)
