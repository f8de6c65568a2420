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
    public Task<UpstreamUser> ResolveAsync(string realmId, string issuer, string subject, string displayName, CancellationToken cancellationToken)
    {
        var feed = (TestRealmFeed)realms;
        var identity = new ExternalIdentity { Issuer = issuer, Subject = subject };
        var resources = feed.Resources(realmId);
        if (resources.OfType<User>().FirstOrDefault(user => user.ExternalIdentities.Contains(identity)) is { } known)
        {
            return Task.FromResult(new UpstreamUser(known.UserId, 1));
        }

        if (resources.OfType<Realm>().Single().LoginSettings.Upstream is not { CreateUsers: true })
        {
            throw new IamException(ErrorReason.AccessDenied, "The user is not known here.");
        }

        var made = new User { RealmId = realmId, UserId = $"made-for-{subject}", DisplayName = displayName, ExternalIdentities = [identity] };
        return Task.FromResult(new UpstreamUser(made.UserId, feed.Change(realmId, made)));
    }
}
