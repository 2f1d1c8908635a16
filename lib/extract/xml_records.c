/*
 * xml_records.c - see xml_records.h. Sources: 特定健診 CDA R2 (OIDs of 1.2.392.200119.6), 特定健診の決済・索引 XML,
 * オンライン資格確認の 照会結果 (OQSsiquc01res), MML 3/4 (MedXML コンソーシアム).
 */
#include "extract/xml_records.h"

#define TEXT(within, name, element, aspect)                                                                            \
    {                                                                                                                  \
        within, name, NULL, NULL, NULL, SK_EL_##element, SK_##aspect                                                   \
    }
#define VALUE(within, name, attribute, element, aspect)                                                                \
    {                                                                                                                  \
        within, name, attribute, NULL, NULL, SK_EL_##element, SK_##aspect                                              \
    }
#define WHEN(name, attribute, when, is, element, aspect)                                                               \
    {                                                                                                                  \
        NULL, name, attribute, when, is, SK_EL_##element, SK_##aspect                                                  \
    }
#define OID "1.2.392.200119.6."

/* recordTarget of a CDA document; the settlement files of health checks use the same OIDs. */
#define INSURANCE_IDS                                                                                                  \
    WHEN("id", "extension", "root", OID "101", INSURER_NUMBER, WHOLE),                                                 \
        WHEN("id", "extension", "root", OID "204", INSURED_ID, SYMBOL),                                                \
        WHEN("id", "extension", "root", OID "205", INSURED_ID, NUMBER),                                                \
        WHEN("id", "extension", "root", OID "211", INSURED_ID, BRANCH),                                                \
        WHEN("id", "extension", "root", OID "102", MEDICAL_INSTITUTION, WHOLE)

static const struct xml_rule CDA[] = {
    INSURANCE_IDS,
    WHEN("code", "code", "codeSystem", OID "1001", HEALTH_CHECK_RECORD, WHOLE),
    TEXT("recordTarget", "addr", ADDRESS, WHOLE),
    TEXT("recordTarget", "streetAddressLine", ADDRESS, WHOLE),
    TEXT("recordTarget", "postalCode", POSTAL_CODE, WHOLE),
    VALUE("recordTarget", "telecom", "value", PHONE, WHOLE),
    TEXT("patient", "name", PERSON_NAME, WHOLE),
    TEXT("patient", "family", PERSON_NAME, FAMILY),
    TEXT("patient", "given", PERSON_NAME, GIVEN),
    VALUE("patient", "administrativeGenderCode", "code", SEX, WHOLE),
    VALUE("patient", "birthTime", "value", BIRTH_DATE, WHOLE),
    VALUE("observation", "value", "value", LAB_VALUE, WHOLE),
    VALUE("observation", "value", "code", LAB_VALUE, WHOLE),
    TEXT("observation", "value", LAB_VALUE, WHOLE),
};

static const struct xml_rule CHECKUP_CLAIM[] = {
    INSURANCE_IDS,
    VALUE(NULL, "birthTime", "value", BIRTH_DATE, WHOLE),
    VALUE(NULL, "administrativeGenderCode", "code", SEX, WHOLE),
    TEXT("subjectPerson", "name", PERSON_NAME, WHOLE),
    TEXT("patient", "name", PERSON_NAME, WHOLE),
};

static const struct xml_rule QUALIFICATION[] = {
    TEXT(NULL, "InsurerNumber", INSURER_NUMBER, WHOLE),
    TEXT(NULL, "InsuredCardSymbol", INSURED_ID, SYMBOL),
    TEXT(NULL, "InsuredIdentificationNumber", INSURED_ID, NUMBER),
    TEXT(NULL, "InsuredBranchNumber", INSURED_ID, BRANCH),
    TEXT(NULL, "Name", PERSON_NAME, WHOLE),
    TEXT(NULL, "NameKana", PERSON_KANA, WHOLE),
    TEXT(NULL, "NameOfOther", PERSON_NAME, WHOLE),
    TEXT(NULL, "NameOfOtherKana", PERSON_KANA, WHOLE),
    TEXT(NULL, "InsuredName", PERSON_NAME, WHOLE),
    TEXT(NULL, "Sex1", SEX, WHOLE),
    TEXT(NULL, "Sex2", SEX, WHOLE),
    TEXT(NULL, "Birthdate", BIRTH_DATE, WHOLE),
    TEXT(NULL, "Address", ADDRESS, WHOLE),
    TEXT(NULL, "PostNumber", POSTAL_CODE, WHOLE),
    TEXT(NULL, "PublicExpensePayerNumber", PUBLIC_EXPENSE_PAYER, WHOLE),
    TEXT(NULL, "PublicExpenseRecipientNumber", PUBLIC_EXPENSE_RECIPIENT, WHOLE),
};

static const struct xml_rule MML[] = {
    TEXT("PatientModule", "fullname", PERSON_NAME, WHOLE),
    TEXT("PatientModule", "family", PERSON_NAME, FAMILY),
    TEXT("PatientModule", "given", PERSON_NAME, GIVEN),
    TEXT("PatientModule", "birthday", BIRTH_DATE, WHOLE),
    TEXT("PatientModule", "sex", SEX, WHOLE),
    TEXT("PatientModule", "full", ADDRESS, WHOLE),
    TEXT("PatientModule", "town", ADDRESS, WHOLE),
    TEXT("PatientModule", "zip", POSTAL_CODE, WHOLE),
    TEXT("PatientModule", "emailAddresses", EMAIL, WHOLE),
    TEXT("HealthInsuranceModule", "insuranceNumber", INSURER_NUMBER, WHOLE),
    TEXT("HealthInsuranceModule", "group", INSURED_ID, SYMBOL),
    TEXT("HealthInsuranceModule", "number", INSURED_ID, NUMBER),
    TEXT("publicInsuranceItem", "provider", PUBLIC_EXPENSE_PAYER, WHOLE),
    TEXT("publicInsuranceItem", "recipient", PUBLIC_EXPENSE_RECIPIENT, WHOLE),
    TEXT("RegisteredDiagnosisModule", "diagnosis", DISEASE, WHOLE),
    TEXT("RegisteredDiagnosisModule", "name", DISEASE, WHOLE),
};

#define RULES(list) list, sizeof(list) / sizeof((list)[0])
static const struct xml_family FAMILIES[] = {
    { "ClinicalDocument", "urn:hl7-org:v3", "cda", NULL, false, RULES(CDA) },
    { NULL, "http://tokuteikenshin.jp/checkup/", NULL, NULL, false, RULES(CHECKUP_CLAIM) },
    { NULL, "bunya/0000161103.html", NULL, NULL, false, RULES(CHECKUP_CLAIM) },
    { "XmlMsg", NULL, NULL, "ResultOfQualificationConfirmation", false, RULES(QUALIFICATION) },
    { "Mml", NULL, "mml", NULL, false, RULES(MML) },
    { "schema", "http://www.w3.org/2001/XMLSchema", NULL, NULL, true, NULL, 0 },
};

const struct xml_family *xml_family_of(const char *root, const char *head, size_t n)
{
    struct sk_bytes b = sk_bytes(head, n < 4096 ? n : 4096);
    for (size_t i = 0; i < sizeof(FAMILIES) / sizeof(FAMILIES[0]); i++) {
        const struct xml_family *f = &FAMILIES[i];
        if (f->root && strcmp(f->root, root) != 0)
            continue;
        if (!f->sign || sk_find(b, 0, f->sign, strlen(f->sign)) != SIZE_MAX)
            return f;
    }
    return NULL;
}
