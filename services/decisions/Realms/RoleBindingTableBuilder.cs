using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Collects the role bindings of a whole realm; of several states of one the last counts.</summary>
internal sealed class RoleBindingTableBuilder
{
    private readonly PagedTableBuilder<string, RoleBinding, ById<RoleBinding>> _byId = new();
    private readonly PagedTableBuilder<Holder, RoleBinding, ByHolder> _byHolder = new();

    public void Add(RoleBinding binding)
    {
        _byId.Add(binding);
        _byHolder.Add(binding);
    }

    public RoleBindingTable Build()
    {
        var byId = _byId.Build();
        var byHolder = _byHolder.Build();
        return new(new(byId), byHolder.Count == byId.Count ? byHolder : HoldersOf(byId.Values));
    }

    /// <summary>One that came twice may have had another holder before.</summary>
    private static PagedTable<Holder, RoleBinding, ByHolder> HoldersOf(IEnumerable<RoleBinding> bindings)
    {
        var byHolder = new PagedTableBuilder<Holder, RoleBinding, ByHolder>();
        foreach (var binding in bindings)
        {
            byHolder.Add(binding);
        }

        return byHolder.Build();
    }
}
