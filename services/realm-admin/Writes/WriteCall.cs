using Google.Protobuf;
using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>A call that writes to one realm.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="RealmId">The realm.</param>
/// <param name="RequestId">Makes a retry safe; empty: none.</param>
/// <param name="Request">The whole request: a retry must be the same.</param>
public sealed record WriteCall(Caller Caller, string RealmId, string RequestId, IMessage Request)
{
    /// <summary>Whether the answer holds a secret: it is then not kept, and a retry is refused.</summary>
    public bool AnswersOnce { get; init; }
}
