"""Traces for OpenTelemetry: which routes, statements and jobs took how long; never a path, a query or a parameter.

The framework's own traces are switched off, for they carry addresses and what failed. Ours carry what is listed here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from sqlalchemy import Engine, event

NAME = "providerboog"
ATTRIBUTES = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "providerboog.door",
        "providerboog.task",
        "providerboog.outcome",
        "db.system.name",
        "db.operation.name",
        "db.query.text",
    }
)
"""Every attribute that a span may have; `db.query.text` is the statement with places, without what fills them."""

LONGEST_STATEMENT = 2_000
FRAMEWORK: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_ours: trace.Tracer | None = None


def send_to(url: str | None) -> None:
    """Send the spans of this process to an OTLP endpoint over HTTP; needs the packages of the SDK and its exporter."""
    if url is None:
        return
    sdk, export = import_module("opentelemetry.sdk.trace"), import_module("opentelemetry.sdk.trace.export")
    otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    resource = import_module("opentelemetry.sdk.resources").Resource({"service.name": NAME})
    provider = sdk.TracerProvider(resource=resource)
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter(endpoint=url, timeout=10)))
    trace_with(provider)


def trace_with(provider: trace.TracerProvider | None) -> None:
    """Make spans with `provider` from now on; None makes none."""
    global _ours  # one for each process, as the log has
    _ours = provider.get_tracer(NAME) if provider is not None else None


@contextmanager
def spanning(name: str, kind: trace.SpanKind = trace.SpanKind.INTERNAL) -> Iterator[trace.Span]:
    """Let a span last as long as the block; a fault marks it by its kind alone, for its words may hold content."""
    if _ours is None:
        yield trace.INVALID_SPAN
        return
    with _ours.start_as_current_span(name, kind=kind, record_exception=False, set_status_on_exception=False) as span:
        try:
            yield span
        except BaseException:
            span.set_status(trace.StatusCode.ERROR)
            raise


def tell(span: trace.Span, **facts: Any) -> None:
    """Set attributes, written with `_` for a dot; raises KeyError for one that is not on the list."""
    for name, value in facts.items():
        key = next((each for each in ATTRIBUTES if each.replace(".", "_") == name), None)
        if key is None:
            raise KeyError(name)
        span.set_attribute(key, value)


def watch(engine: Engine) -> None:
    """Make a span of each statement of `engine`."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _failed)


def _begin(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
    if _ours is None or context is None:
        return
    verb = statement.lstrip()[:12].split(None, 1)[0].upper()
    span = _ours.start_span(verb, kind=trace.SpanKind.CLIENT)
    places = statement[:LONGEST_STATEMENT]
    tell(span, db_system_name="postgresql", db_operation_name=verb, db_query_text=places)
    context.span_of_ours = span


def _end(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
    span = context.__dict__.pop("span_of_ours", None) if context is not None else None
    if span is not None:
        span.end()


def _failed(fault: Any) -> None:
    context = fault.execution_context
    span = context.__dict__.pop("span_of_ours", None) if context is not None else None
    if span is not None:
        span.set_status(trace.StatusCode.ERROR)
        span.end()
