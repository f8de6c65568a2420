using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pipeline;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>The stores of the dialog: what one authorization reads and writes together.</summary>
public sealed record DialogStores(ChallengeStore Challenges, AuthorizationStore Authorizations, ConsentStore Consents);
