"""What a request meets while one of the two stores is away; whoever asked gets a sentence and may try again."""

from redis.exceptions import RedisError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from storage.sql.database_errors import DatabaseUnavailableError

UNAVAILABLE = (DatabaseUnavailableError, NoConnectionFreeError, RedisError)
RETRY_AFTER = {"Retry-After": "5"}
