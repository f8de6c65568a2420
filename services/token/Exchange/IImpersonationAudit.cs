using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>Where it is written down that somebody acts as somebody else: in the realm's audit trail, at realm-admin.</summary>
public interface IImpersonationAudit
{
    /// <exception cref="Common.Errors.IamException">SERVICE_UNAVAILABLE where it is not certain that it is written.</exception>
    Task RecordAsync(ExchangeRequest exchange, TokenExchangeRule rule, IssuedToken issued, CancellationToken cancellationToken);
}
