package ingest

// Role is what a column means to the product. Columns without a role are
// carried along by their heading.
type Role uint8

// The roles (design: "Files in"). RoleOther is any column not known here.
const (
	RoleOther Role = iota
	RoleNumber
	RoleRecord
	RoleName
	RoleFamilyName
	RoleGivenName
	RoleKana
	RoleFamilyKana
	RoleGivenKana
	RoleFormerName
	RoleAlias
	RoleLatinName
	RoleBirthDate
	RoleSex
	RolePostalCode
	RoleAddress
	RoleHousehold
	RoleMunicipality
	RolePrefecture
	RoleOrganization
	RoleDate // linked_on, issued_on
	RoleBankCode
	RoleBranchCode
	RoleAccountType
	RoleAccountNumber
	RoleCertificateNumber
	RoleCertificateKind
	RoleSymbol
	RoleSymbolNumber
	RoleSymbolBranch // 枝番
	RoleChannel
	RoleOperator
	RoleValidFrom
	RoleValidTo
	Roles
)

// roleNames are the English headings of the columns, and what configurations
// and reports call the roles.
var roleNames = [Roles]string{
	RoleOther:             "other",
	RoleNumber:            "individual_number",
	RoleRecord:            "record_id",
	RoleName:              "name",
	RoleFamilyName:        "family_name",
	RoleGivenName:         "given_name",
	RoleKana:              "name_kana",
	RoleFamilyKana:        "family_kana",
	RoleGivenKana:         "given_kana",
	RoleFormerName:        "former_name",
	RoleAlias:             "alias",
	RoleLatinName:         "latin_name",
	RoleBirthDate:         "birth_date",
	RoleSex:               "sex",
	RolePostalCode:        "postal_code",
	RoleAddress:           "address",
	RoleHousehold:         "household_id",
	RoleMunicipality:      "municipality_code",
	RolePrefecture:        "prefecture_code",
	RoleOrganization:      "organization",
	RoleDate:              "linked_on",
	RoleBankCode:          "bank_code",
	RoleBranchCode:        "branch_code",
	RoleAccountType:       "account_type",
	RoleAccountNumber:     "account_number",
	RoleCertificateNumber: "certificate_number",
	RoleCertificateKind:   "certificate_kind",
	RoleSymbol:            "symbol",
	RoleSymbolNumber:      "symbol_number",
	RoleSymbolBranch:      "branch",
	RoleChannel:           "channel",
	RoleOperator:          "operator",
	RoleValidFrom:         "valid_from",
	RoleValidTo:           "valid_to",
}

// shortRoleNames are the names that configurations may use beside the headings.
var shortRoleNames = map[string]Role{
	"number":       RoleNumber,
	"record":       RoleRecord,
	"kana":         RoleKana,
	"household":    RoleHousehold,
	"municipality": RoleMunicipality,
	"prefecture":   RolePrefecture,
	"date":         RoleDate,
	"certificate":  RoleCertificateNumber,
	"kind":         RoleCertificateKind,
}

// String is the English heading of a column with that role.
func (r Role) String() string { return roleNames[r] }

// RoleByName finds a role by its English heading or by its name in a
// configuration (number, record, kana, …).
func RoleByName(name string) (Role, bool) {
	if r, ok := shortRoleNames[name]; ok {
		return r, true
	}
	for r := RoleOther + 1; r < Roles; r++ {
		if roleNames[r] == name {
			return r, true
		}
	}
	return RoleOther, false
}
