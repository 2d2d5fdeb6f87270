"""The errors of a request while the database or Redis is unavailable; the client gets a sentence and may try again."""

from redis.exceptions import RedisError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from storage.sql.database_errors import DatabaseUnavailableError

UNAVAILABLE = (DatabaseUnavailableError, NoConnectionFreeError, RedisError)
RETRY_AFTER = {"Retry-After": "5"}
