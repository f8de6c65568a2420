using System.Globalization;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

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
        var actor = request.ActingPrincipal;
        if (request.IsOwn || request.Delegation is not null)
        {
            return request.IsOwn ? request.Subject.Actors : [actor];
        }

        var before = Before(request.Subject);
        if (actor == request.Subject.Subject || before.Contains(actor))
        {
            throw ExchangeRefused.Because($"{actor.Id} is in the chain already: it would act for itself.");
        }

        var most = request.Realm.Realm.TokenExchange.MaxActors;
        return before.Count < most
            ? WithinDelegation(request, [actor, .. before])
            : throw ExchangeRefused.Because(string.Create(CultureInfo.InvariantCulture, $"The chain would have more than {most} actors."));
    }

    private static IReadOnlyList<Principal> WithinDelegation(ExchangeRequest request, IReadOnlyList<Principal> chain)
    {
        var most = request.Subject.DelegationId is { } id ? request.Realm.FindDelegation(id)?.MaxDepth ?? 0 : int.MaxValue;
        return DelegationStanding.Following(chain) <= most
            ? chain
            : throw ExchangeRefused.Because(string.Create(CultureInfo.InvariantCulture, $"The delegation lets no more than {most} act for its delegate."));
    }

    private static IReadOnlyList<Principal> Before(AccessToken subject)
    {
        var client = Principal.Client(subject.ClientId);
        if (subject.Actors.Count > 0)
        {
            // A user who acts by a delegation does so through a client.
            return subject.DelegationId is not null && subject.Actors is [{ Type: MemberType.User }, ..] ? [client, .. subject.Actors] : subject.Actors;
        }

        return client == subject.Subject ? [] : [client];
    }
}
