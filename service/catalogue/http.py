"""How the faces reach the catalogue of the application that answers."""

from typing import Annotated

from fastapi import Depends, Request

from service.catalogue.operations import Catalogue


def catalogue_of(request: Request) -> Catalogue:
    """Give the catalogue of the application that answers."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


CurrentCatalogue = Annotated[Catalogue, Depends(catalogue_of)]
