using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>A question that is not answered yet, with what a page needs to put it to the user.</summary>
public sealed record OpenChallenge(RealmSnapshot Realm, Challenge Challenge, Client Client, ChallengeView View);
