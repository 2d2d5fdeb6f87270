"""The errors that a request meets while the database or Redis is unavailable; whoever asked gets a sentence and may try again."""

from redis.exceptions import RedisError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from storage.sql.database_errors import DatabaseUnavailableError

UNAVAILABLE = (DatabaseUnavailableError, NoConnectionFreeError, RedisError)
RETRY_AFTER = {"Retry-After": "5"}
