using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Upstream;
using Token.Tests.Hosting;

namespace Token.Tests.Upstream;

/// <summary>Realm-admin as a login sees it, in process.</summary>
internal sealed class TestUpstreamUsers(IRealmFeed realms) : IUpstreamUsers
{
    public Task<UpstreamUser> ResolveAsync(string realmId, UpstreamSubject subject, CancellationToken cancellationToken)
    {
        var feed = (TestRealmFeed)realms;
        var identity = new ExternalIdentity { Issuer = subject.Issuer, Subject = subject.Subject };
        var resources = feed.Resources(realmId);
        if (resources.OfType<User>().FirstOrDefault(user => user.ExternalIdentities.Contains(identity)) is { } known)
        {
            return Task.FromResult(new UpstreamUser(known.UserId, 1));
        }

        var realm = resources.OfType<Realm>().Single();
        var createsUsers = subject.AssertionIssuer.Length > 0
            ? realm.AssertionIssuers.Any(issuer => issuer.Name == subject.AssertionIssuer && issuer.CreateUsers)
            : realm.LoginSettings.Upstream is { CreateUsers: true };
        if (!createsUsers)
        {
            throw new IamException(ErrorReason.AccessDenied, "The user is not known here.");
        }

        var made = new User { RealmId = realmId, UserId = $"made-for-{subject.Subject}", DisplayName = subject.DisplayName, ExternalIdentities = [identity] };
        return Task.FromResult(new UpstreamUser(made.UserId, feed.Change(realmId, made)));
    }
}
