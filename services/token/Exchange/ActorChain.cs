using System.Globalization;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>
/// Who acts for the subject of an exchanged token, the current actor first. The client that a user let act is the first of all actors,
/// so that the chain names everybody between the user and the resource.
/// </summary>
public static class ActorChain
{
    /// <summary>The chain of the new token.</summary>
    /// <exception cref="Common.Errors.IamException">EXCHANGE_REFUSED where it would be too long or would loop.</exception>
    public static IReadOnlyList<Principal> Of(ExchangeRequest request)
    {
        var before = Before(request.Subject);
        var actor = request.Actor?.Subject ?? Principal.Client(request.Client.ClientId);
        if (request.Actor is null && request.Subject.ClientId == request.Client.ClientId)
        {
            // Its own token, for less or for another resource: nobody new acts.
            return request.Subject.Actors;
        }

        if (actor == request.Subject.Subject || before.Contains(actor))
        {
            throw ExchangeRefused.Because($"{actor.Id} is in the chain already: it would act for itself.");
        }

        var most = request.Realm.Realm.TokenExchange.MaxActors;
        return before.Count < most
            ? [actor, .. before]
            : throw ExchangeRefused.Because(string.Create(CultureInfo.InvariantCulture, $"The chain would have more than {most} actors."));
    }

    private static IReadOnlyList<Principal> Before(AccessToken subject)
    {
        if (subject.Actors.Count > 0)
        {
            return subject.Actors;
        }

        var client = Principal.Client(subject.ClientId);
        return client == subject.Subject ? [] : [client];
    }
}
