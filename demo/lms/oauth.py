"""Programs that sign in with their own credentials act as the user their application belongs to."""

from datetime import datetime
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class ClientUserValidator(OAuth2Validator):
    """Puts the application's user on client-credentials tokens, which otherwise belong to nobody."""

    def _create_access_token(
        self, expires: datetime, request: Any, token: dict[str, Any], source_refresh_token: Any = None
    ) -> Any:
        if request.grant_type == "client_credentials":
            request.user = request.client.user
        return super()._create_access_token(expires, request, token, source_refresh_token)
