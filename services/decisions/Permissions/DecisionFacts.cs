using System.Net;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>What conditions of role bindings look at. A condition whose fact is missing is not met.</summary>
/// <param name="Now">From the caller's <see cref="TimeProvider"/>.</param>
/// <param name="SourceAddress">Where the request came from; null: unknown.</param>
/// <param name="Acr">The login's authentication context class; null: no login.</param>
public readonly record struct DecisionFacts(DateTimeOffset Now, IPAddress? SourceAddress, string? Acr);
