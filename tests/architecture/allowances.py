"""Files that do not keep a rule of the architecture, each with its reason. No file is added to the list."""

# Files whose public functions take or return `dict[str, Any]`.
MAY_PASS_UNTYPED_DICTS: frozenset[str] = frozenset(
    {
        "api/platform/http/reference.py",  # an OpenAPI document
        "api/platform/http/routing.py",  # the type that FastAPI has for `responses`
        "api/records/content.py",  # a merge-patch document of any resource
        "api/records/invoices/writing.py",  # the same of an invoice
    }
)
