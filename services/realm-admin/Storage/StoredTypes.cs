using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Storage;

/// <summary>The records that this service keeps as JSON in columns.</summary>
public static class StoredTypes
{
    /// <summary>Registers them with Dapper, before the first statement.</summary>
    public static void Register()
    {
        PortableTypes.RegisterJson<ScopePipeline>();
        PortableTypes.RegisterJson<ConsentSettings>();
        PortableTypes.RegisterJson<LoginSettings>();
        PortableTypes.RegisterJson<SessionSettings>();
        PortableTypes.RegisterJson<TokenExchangeSettings>();
        PortableTypes.RegisterJson<DpopSettings>();
        PortableTypes.RegisterJson<AuditSettings>();
        PortableTypes.RegisterJson<ClientRegistrationSettings>();
        PortableTypes.RegisterJson<ClientRegistrationPolicy>();
        PortableTypes.RegisterJson<ClientAbout>();
        PortableTypes.RegisterJson<ClientOrigin>();
        PortableTypes.RegisterJson<ValueList<AssertionIssuer>>();
        PortableTypes.RegisterJson<ValueList<AuthorizationDetailsType>>();
        PortableTypes.RegisterJson<RoleBindingConditions>();
        PortableTypes.RegisterJson<ValueList<ScopeText>>();
        PortableTypes.RegisterJson<TlsClientAuth>();
    }
}
