"""HTTP infrastructure: routes, errors, paging, middleware, static pages."""
