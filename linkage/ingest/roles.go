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
