"""Every call of the API in one table: what is served, and what the OpenAPI document says."""

from console.api import broadcasts, matching, testers
from console.api.endpoints import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *broadcasts.ENDPOINTS,
    *matching.ENDPOINTS,
    *testers.ENDPOINTS,
)
