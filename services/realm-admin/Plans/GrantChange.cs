using Pltfrms.Iam.Common;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>A live grant that changes touch.</summary>
/// <param name="Grant">As the token service has it.</param>
/// <param name="Scopes">Those that no longer lead to everything that they cover, or that the client loses.</param>
/// <param name="Reason">What happens to it, a sentence.</param>
public sealed record GrantChange(Grant Grant, ValueList<string> Scopes, string Reason);
