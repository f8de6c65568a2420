using Benchmarks.Stage;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load.Scale;

/// <summary>Is what was filled what the services take it for? Counts, and a sample of it used through their own interfaces.</summary>
internal sealed class FillCheck(Cluster cluster, Size size, Population population, LiveGrants grants, Func<string, string, Task> refreshAsync)
{
    private const int Sample = 50;

    private readonly RoleBindingService.RoleBindingServiceClient _bindings = new(cluster.RealmAdminCalls);
    private readonly PermissionService.PermissionServiceClient _permissions = new(cluster.TokenCalls);

    /// <summary>Uses the first of the refresh tokens; how many.</summary>
    public async Task<int> RunAsync()
    {
        Require(await population.CountAsync() == size.Bindings, $"not {size.Bindings} bindings");
        Require(await grants.CountAsync() == size.Grants, $"not {size.Grants} live grants");
        var random = new Random(2);
        for (var i = 0; i < Sample; i++)
        {
            await CheckAsync(population.Binding(Size.RealmId(random.Next(size.InUse)), random.Next(size.BindingsOfEach)));
            var (realmId, value) = LiveGrants.Usable(size, i);
            await refreshAsync(realmId, value);
        }

        return Sample;
    }

    /// <summary>The binding gives its user what it should, and takes it away where it is deleted.</summary>
    private async Task CheckAsync(RoleBinding binding)
    {
        var stored = (await _bindings.GetRoleBindingAsync(new() { RealmId = binding.RealmId, RoleBindingId = binding.RoleBindingId })).RoleBinding;
        stored.Etag = "";
        Require(stored.Equals(binding), $"{stored} is not {binding}");
        var request = new CheckPermissionRequest
        {
            RealmId = binding.RealmId,
            UserId = binding.UserId,
            OrganizationId = binding.OrganizationId,
            Permission = Population.Permission,
            IncludeTrace = true,
        };
        var allowed = await _permissions.CheckPermissionAsync(request);
        Require(allowed.Allowed && allowed.Trace.RoleBindingId == binding.RoleBindingId, $"{binding} does not allow");
        request.MinRevision = (await _bindings.DeleteRoleBindingAsync(new() { RealmId = binding.RealmId, RoleBindingId = binding.RoleBindingId })).Revision;
        Require(!(await _permissions.CheckPermissionAsync(request)).Allowed, $"{binding} allows, though it is deleted");
        request.MinRevision = (await _bindings.CreateRoleBindingAsync(new() { RealmId = binding.RealmId, RoleBinding = binding })).Revision;
        Require((await _permissions.CheckPermissionAsync(request)).Allowed, $"{binding} does not allow, though it was made again");
    }

    private static void Require(bool isSo, string complaint)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"What was filled is not right: {complaint}.");
        }
    }
}
